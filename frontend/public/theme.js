// Before the first paint: the theme and language chosen earlier, so that nothing flashes.
(function () {
  try {
    var kept = JSON.parse(localStorage.getItem('wxdesk:preferences') || '{}')
    var dark = kept.theme === 'dark' || (kept.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
    document.documentElement.classList.toggle('dark', dark)
    if (kept.locale) document.documentElement.lang = kept.locale
  }
  catch (error) { /* storage is closed to us: the page begins light */ }
})()
