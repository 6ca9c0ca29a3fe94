/** Small pieces of DOM. Text from people only ever becomes text nodes. */

export const $ = id => document.getElementById(id)

/** An element with properties (`class`, `dataset`, listeners as `onclick`) and children. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (name === 'class') node.className = value
    else if (name === 'dataset') Object.assign(node.dataset, value)
    else if (name in node) node[name] = value
    else node.setAttribute(name, value)
  }
  node.append(...children.filter(child => child !== null && child !== undefined))
  return node
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
  use.setAttribute('href', `#i-${name}`)
  svg.append(use)
  return svg
}

/** A coloured square with the first character; the colour belongs to the id. */
export function avatar(id, name) {
  const node = el('span', { class: 'avatar', ariaHidden: 'true' }, [...name][0] ?? '?')
  let sum = 7
  for (const character of id) sum = (sum * 31 + character.codePointAt(0)) % 9973
  node.style.setProperty('--hue', Math.round(sum * 137.5) % 360)
  return node
}

let hiding
export function toast(text) {
  $('toast').textContent = text
  $('toast').classList.add('shown')
  clearTimeout(hiding)
  hiding = setTimeout(() => $('toast').classList.remove('shown'), 2200)
}
