import { describe, expect, it } from 'vitest'
import { widgetAddress, widgetAnswer } from './widget'

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

describe('the Telegram login widget', () => {
  it('is asked by the id of the bot, and comes back to the page that asked', () => {
    const asked = new URL(widgetAddress('42', 'https://s.example', 'abc'))
    expect(asked.origin).toBe('https://oauth.telegram.org')
    expect(Object.fromEntries(asked.searchParams)).toEqual({ bot_id: '42', origin: 'https://s.example', return_to: 'https://s.example/login?telegram=abc' })
  })

  it('answers with fields, letters of every language among them', () => {
    const fields = { id: 7, first_name: 'Анна >?', hash: 'c501' }
    expect(widgetAnswer(`#tgAuthResult=${encoded(fields)}`)).toEqual(fields)
  })

  it.each(['', '#secret', '#tgAuthResult=', '#tgAuthResult=!!', `#tgAuthResult=${encoded([1])}`, `#tgAuthResult=${encoded({ id: { a: 1 } })}`, '#tgAuthResult=false'])(
    'takes %s for no answer',
    (hash) => expect(widgetAnswer(hash)).toBeNull(),
  )
})
