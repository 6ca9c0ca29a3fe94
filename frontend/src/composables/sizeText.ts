import { locale } from '@/i18n'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** 2.3 MB; as people count, with 1024. */
export function sizeText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1)
  const number = bytes / 1024 ** power
  const digits = number < (power > 1 ? 100 : 10) ? 1 : 0
  return new Intl.NumberFormat(locale.value, { style: 'unit', unit: UNITS[power], unitDisplay: power ? 'short' : 'long', maximumFractionDigits: digits }).format(number)
}
