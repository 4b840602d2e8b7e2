import type { Change, Document, Label, Operation } from './types'

type Freed = (operations: readonly Operation[], onto: Document) => Operation[]

/** New labels for speakers that are added under one that somebody else has taken for another speaker. */
export function freedLabels(changes: readonly Change[]): Freed {
  const mentioned = new Set<Label>()
  for (const operation of changes.flatMap((change) => change.operations)) {
    if (operation.type === 'add_speaker') mentioned.add(operation.label)
  }
  const fresh = new Map<Label, Label>()
  const free = (operation: Operation, theirs: ReadonlyMap<Label, string | null>): Operation => {
    if (operation.type === 'add_speaker') {
      fresh.delete(operation.label)
      const name = theirs.get(operation.label)
      if (name !== undefined && name !== operation.name) {
        const label = nextLabel([...theirs.keys(), ...mentioned])
        mentioned.add(label)
        fresh.set(operation.label, label)
      }
    }
    return relabelled(operation, fresh)
  }
  return (operations, onto) => {
    const theirs = new Map(onto.speakers.map((speaker) => [speaker.label, speaker.name]))
    return operations.map((operation) => free(operation, theirs))
  }
}

/** The next number after those that are taken. */
export function nextLabel(taken: Iterable<Label>): Label {
  let most = 0
  for (const label of taken) {
    if (/^S[0-9]{1,9}$/.test(label)) most = Math.max(most, Number(label.slice(1)))
  }
  return `S${String(most + 1)}`
}

function relabelled(operation: Operation, fresh: ReadonlyMap<Label, Label>): Operation {
  if (fresh.size === 0) return operation
  const now = <Kind extends Label | null>(label: Kind): Kind | Label => (label === null ? label : (fresh.get(label) ?? label))
  switch (operation.type) {
    case 'add_speaker':
    case 'remove_speaker':
    case 'rename':
      return { ...operation, label: now(operation.label) }
    case 'reassign':
      return { ...operation, before: operation.before.map(now), after: operation.after.map(now) }
    case 'merge':
      return { ...operation, next_speaker: now(operation.next_speaker) }
    case 'split':
      return { ...operation, speaker_after: now(operation.speaker_after) }
    default:
      return operation
  }
}
