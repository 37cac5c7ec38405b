import { callerProgram } from './caller.ts'

await callerProgram({
  title: 'A switchboard: ESPA 4.4.4 control station 1 that calls paging system 2.',
  program: 'switchboard.ts',
  protocol: 'espa444',
  options: { role: 'control', station: '1', address: '2', poll: ['2'] },
  profile: 'espa444-slave',
})
