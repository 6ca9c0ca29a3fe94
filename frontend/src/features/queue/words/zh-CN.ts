export default {
  title: '排队',
  waiting: '人在排队',
  oldest: '等得最久',
  none: '没有人在排队',
  noneHint: '有客户来时会出现在这里。',
  takeTop: '接入第一位',
  takeNot: '由系统分配，不能自己接入。',
  groups: '各组',
  noGroup: '未分组',
  count: '{n} 人',
  failed: '没有读到各组的人数',
}
