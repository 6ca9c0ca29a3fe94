import { expect, it } from 'vitest'
import { splitText } from './split'
import vectors from './split.vectors.json'

it.each(vectors)('cuts where the desk does: $name', ({ text, limit, parts }) => {
  expect(splitText(text, limit)).toEqual(parts)
})
