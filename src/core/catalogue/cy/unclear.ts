export const unclear = {
  bed: 'Gwely’n aneglur: gwiriwch',
  ward: 'Ward yn aneglur: gwiriwch',
  room: 'Ystafell yn aneglur: gwiriwch',
  theatre: 'Theatr yn aneglur: gwiriwch',
  zone: 'Parth yn aneglur: gwiriwch',
  level: 'Lefel yn aneglur: gwiriwch',
  telephone: 'Rhif ffôn yn aneglur: gwiriwch',
  digits: 'Rhif yn aneglur: gwiriwch',
  words: 'Geiriau’n aneglur: gwiriwch',
  address: 'Aneglur i bwy yr oedd: gwiriwch',
  end: 'Gall y diwedd fod ar goll: gwiriwch',
} as const
