/** The secret of a sign-in link, given whole (`https://host/login#secret`), as its fragment, or bare. */
export function secretOf(link: string): string {
  const mark = link.lastIndexOf('#')
  return decodeURIComponent(mark < 0 ? link : link.slice(mark + 1)).trim()
}
