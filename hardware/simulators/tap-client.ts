import { callerProgram } from './caller.ts'

await callerProgram({
  title: 'A TAP 1.8 sender, such as a nurse-call or fire panel.',
  program: 'tap-client.ts',
  protocol: 'tap',
  options: { role: 'client' },
  profile: 'tap-terminal',
})
