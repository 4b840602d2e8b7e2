import { EditInvalid, type Answer, type Change, type Document } from '@/lib/edits'
import { asProblem, isPassing, Problem } from '@/lib/problems'

/** How edits reach the service. Throws a Problem. */
export interface Transport {
  readonly send: (version: number, changes: readonly Change[]) => Promise<Answer>
  readonly since: (version: number) => Promise<Answer>
  readonly load: () => Promise<{ document: Document; version: number }>
}

export function problemOf(error: unknown): Problem {
  return error instanceof EditInvalid ? new Problem('edit.invalid', 422) : asProblem(error)
}

/** The service cannot put it on the version it was made on. */
export function unfit(problem: Problem): boolean {
  return problem.code === 'edit.invalid' || problem.code === 'edit.unknown_version'
}

/** Worth sending again as it is. */
export function passing(problem: Problem): boolean {
  return isPassing(problem) || problem.code === 'edit.too_early'
}
