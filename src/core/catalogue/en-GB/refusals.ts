export const refusals = {
  bodyPersonHolderDevice: 'body/person: no holder of this device',
  bodyPersonSwitchboardAnswers: 'body/person: the switchboard answers for somebody',
  bodyToAlreadyPast: 'body/to: already past',
  toAfterFrom: 'to: after from',
  mustEndAfterItBegins: 'must end after it begins',
  windowEndsDayBegins: 'the window ends on the day it begins',
  bodyKindWhomCall: 'body: a kind, or whom to call',
  providerWithoutTls:
    'a provider is believed by its TLS: without it anybody on the network could say who people are',
  scimToken: 'the token of identity.scim in our configuration is wanted',
  scimQuery: 'Each parameter once, and at most 1000 characters',
} as const
