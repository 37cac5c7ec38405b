import { parentPort, workerData } from 'node:worker_threads'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

/** Below it some hundred million guesses find a password (the library's score of 3). */
const LEAST = 3

const { password, about }: { password: string; about: string[] } = workerData
const { score } = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs }).check(password, about)
parentPort?.postMessage(score < LEAST)
