import { parentPort, workerData } from 'node:worker_threads'
import { Encrypter } from 'age-encryption'

const { plain, passphrase }: { plain: Uint8Array; passphrase: string } = workerData
const encrypter = new Encrypter()
encrypter.setPassphrase(passphrase)
parentPort?.postMessage(await encrypter.encrypt(plain))
