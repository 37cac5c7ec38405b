export type { Key, Say, Values } from '../../core/catalogue/say.ts'
export type { AlertView, TimelineEntry } from '../../core/desk/alert-views.ts'
export type { AskChoices, AsksView, AskView } from '../../core/desk/ask-views.ts'
export type { CallsView, StartedView } from '../../core/desk/call-views.ts'
export type { RotaChangesView, RotaWarnings } from '../../core/desk/change-views.ts'
export type { FilingsView, FilingView, ReadBackView } from '../../core/desk/filing-views.ts'
export type { PackReview, RequestView } from '../../core/desk/govern-views.ts'
export type {
  AppView,
  CodeView,
  DevicesView,
  DeviceView,
  DirectoryView,
  EnrolledView,
  MeView,
  NudgeView,
  OfferView,
  OpenCodeView,
  RotaView,
  WaysView,
} from '../../core/desk/people-views.ts'
export type { ReadinessView } from '../../core/desk/readiness-view.ts'
export type { EstateView, SiteView, SupervisedView } from '../../core/desk/site-views.ts'
export type { DailyTestsView, DailyTestView, RollView } from '../../core/desk/test-views.ts'
export type {
  Answered,
  BoardView,
  Card,
  InboxItem,
  InboxView,
  KeptView,
  Problem,
  Raised,
  ResponderView,
  ReviewView,
  Standing,
  StrangersView,
  WaitingBleep,
} from '../../core/desk/views.ts'
export type { ForeseenView, PreviewView, WeekView } from '../../core/foresee/view.ts'
export type { FeedView } from '../../core/measure/watch/feed-view.ts'
