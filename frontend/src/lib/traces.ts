/** What this browser keeps of somebody's recordings (unsent edits, files of uploads): gone when the last tab that uses it is. */
export async function forgetTraces(): Promise<void> {
  const kept = await indexedDB.databases().catch(() => []) // storage is forbidden here: then nothing is kept either
  for (const { name } of kept) if (name?.startsWith('stenogram')) indexedDB.deleteDatabase(name)
}
