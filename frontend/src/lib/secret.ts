/** The secret of a sign-in link, given whole (`https://host/login#secret`), as its fragment, or bare. */
export function secretOf(link: string): string {
  const mark = link.lastIndexOf('#')
  return decodeURIComponent(mark < 0 ? link : link.slice(mark + 1)).trim()
}

/** Whose access token this is (the JWT's `sub`, which the service checks, not we); null for what is no such token. */
export function subjectOf(token: string): string | null {
  try {
    const claims = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: unknown }
    return typeof claims.sub === 'string' ? claims.sub : null
  } catch {
    return null
  }
}
