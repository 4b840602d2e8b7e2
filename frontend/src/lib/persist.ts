import { asProblem, isPassing, type Problem } from './problems'

/** Milliseconds before the second try, and the longest between two. */
const [FIRST, LONGEST] = [1000, 15_000]

/**
 * Asks until there is an answer: a bad line or a service with too much to do is asked again, later and later. `missed` is told
 * of each failure that will pass. Throws the Problem of one that will not, or of the last when `over` says that nobody waits.
 */
export async function persist<T>(ask: () => Promise<T>, over: () => boolean, missed: (problem: Problem) => void = () => undefined): Promise<T> {
  for (let pause = FIRST; ; pause = Math.min(2 * pause, LONGEST)) {
    try {
      return await ask()
    } catch (error) {
      const problem = asProblem(error)
      if (!isPassing(problem) || over()) throw problem
      missed(problem)
      await new Promise((rested) => setTimeout(rested, pause))
      if (over()) throw problem
    }
  }
}
