export type { AlertView, TimelineEntry } from '../../core/desk/alert-views.ts'
export type {
  CodeView,
  DeviceView,
  DirectoryView,
  EnrolledView,
  MeView,
  OfferView,
  RotaView,
} from '../../core/desk/people-views.ts'
export type {
  Answered,
  BoardView,
  Card,
  FeedView,
  InboxItem,
  InboxView,
  Problem,
  ResponderView,
  ReviewView,
  Standing,
  WaitingBleep,
} from '../../core/desk/views.ts'
