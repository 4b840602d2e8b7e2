/** A text that reads as a name, punctuation around it left out: it begins with a capital and has three letters. Else null. */
export function nameIn(text: string): string | null {
  const bare = text.trim().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
  return /^\p{Lu}[\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]+){0,3}$/u.test(bare) && bare.length >= 3 ? bare : null
}

/** The name that a word was corrected to; null where it is none, or only case or punctuation changed. */
export function fixedName(before: string, after: string): string | null {
  const name = nameIn(after)
  return name !== null && bareOf(before) !== bareOf(after) ? name : null
}

function bareOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
