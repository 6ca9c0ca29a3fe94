/** A few places to send: there is no map without the internet. */

import { language, t } from './words.js'

export const PLACES = {
  guangzhou: { name: '体育西路', label: '广东省广州市天河区体育西路1号', latitude: 23.130997, longitude: 113.327002 },
  beijing: { name: '国贸', label: '北京市朝阳区建国门外大街1号', latitude: 39.908823, longitude: 116.460197 },
  shanghai: { name: '人民广场', label: '上海市黄浦区人民大道185号', latitude: 31.231706, longitude: 121.472644 },
  shenzhen: { name: '腾讯滨海大厦', label: '深圳市南山区海天二路33号', latitude: 22.523145, longitude: 113.935375 },
  hangzhou: { name: '西湖', label: '浙江省杭州市西湖区龙井路1号', latitude: 30.242865, longitude: 120.148681 },
}
const ENGLISH = { guangzhou: 'Guangzhou', beijing: 'Beijing', shanghai: 'Shanghai', shenzhen: 'Shenzhen', hangzhou: 'Hangzhou' }

/** For `fill`: a place of ours, or one of one's own. */
export function placeFields() {
  const choices = Object.entries(PLACES).map(([key, place]) => [key, language === 'zh' ? place.label : `${ENGLISH[key]} · ${place.label}`])
  return [
    { name: 'place', label: t('placeChoice'), kind: 'choice', choices: [...choices, ['own', t('ownPlace')]] },
    { name: 'label', label: t('label'), optional: true },
    { name: 'latitude', label: t('latitude'), optional: true },
    { name: 'longitude', label: t('longitude'), optional: true },
  ]
}

/** What is filled in goes before what was chosen. */
export function placeOf({ place, label, latitude, longitude }) {
  const chosen = PLACES[place] ?? PLACES.guangzhou
  return {
    label: label || chosen.label,
    latitude: Number(latitude || chosen.latitude),
    longitude: Number(longitude || chosen.longitude),
  }
}
