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
  Standing,
  TimelineEntry,
} from '../../core/desk/views.ts'
