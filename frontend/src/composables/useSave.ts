import { downloadTicket, openFile, type NamedFile } from '@/api/downloads'
import { mediaTicket } from '@/api/calls'
import { saveFile, saveFrom } from '@/lib/save'
import { handToTelegram, savesItself } from './useTelegram'

/**
 * Saves a file of the service; gives its name once it is saved. Telegram's windows do nothing with a file of the page's
 * own, so there Telegram is told where to get it; null, for it says itself how that goes. Throws a Problem.
 */
export async function save(file: NamedFile): Promise<string | null> {
  const { response, name } = await openFile(file)
  if (savesItself()) {
    saveFile(await response.blob(), name)
    return name
  }
  await response.body?.cancel() // what could go wrong has been told here, where it can be read
  const { url } = await downloadTicket(file.address)
  await handToTelegram(url, name)
  return null
}

/** The recording as it was sent, which may have gigabytes. Throws a Problem. */
export async function saveOriginal(recordingId: string, name: string): Promise<void> {
  const { url } = await mediaTicket(recordingId)
  const address = `${url}&download=true`
  if (savesItself()) saveFrom(address, name)
  else await handToTelegram(address, name)
}
