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
  AlertView,
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
  TimelineEntry,
  WaitingBleep,
} from '../../core/desk/views.ts'
