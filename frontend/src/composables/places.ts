export interface Place { latitude: number, longitude: number, label: string }

/** Tencent's map by link, which needs no key; its coordinates are WeChat's (GCJ-02). */
export function mapLink({ latitude, longitude, label }: Place): string {
  const marker = `coord:${latitude},${longitude};title:${withoutMarks(label)};addr:${withoutMarks(label)}`
  return `https://apis.map.qq.com/uri/v1/marker?${new URLSearchParams({ marker, referer: 'wxdesk' })}`
}

/** These divide the fields of a marker. */
function withoutMarks(label: string): string {
  return label.replace(/[:;|]/g, ' ').slice(0, 80)
}

/** To about a metre. */
export function rounded({ latitude, longitude }: Place): { latitude: string, longitude: string } {
  return { latitude: latitude.toFixed(5), longitude: longitude.toFixed(5) }
}
