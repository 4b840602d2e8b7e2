### A person's recordings: the list, the search, quotations.

history-title = <b>My recordings</b> · { $recordings }
history-line =
    { $number }. { $sign } <b>{ $name }</b>
    { $facts }
history-sign = { $state ->
    [done] ✅
    [done_with_warnings] ✅
    [dead] ❌
    [cancelled] ⏹
    [none] ▫️
   *[running] ⏳
}
history-empty = There are no recordings yet. Send a voice message, audio, a video or a link to a file.

search-question = What shall I look for in your recordings? Reply with a word or a phrase.
search-placeholder = A word or a phrase
search-title = <b>Search: { $query }</b> · { $recordings }
search-line = { $number }. <b>{ $name }</b> · { $date }
search-hit = <i>{ $clock }</i> { $text }
search-more = { $count ->
    [one] and { $count } more place
   *[other] and { $count } more places
}
search-nothing =
    <b>Nothing was found for “{ $query }”</b>

    Leave some words out, or try another. The form of a word does not matter: “contract” finds “contracts” too. Words in quotes are found as that phrase, a word with a minus is left out.
search-senseless =
    <b>There is nothing to look for in “{ $query }”</b>

    Small words, and words with a minus alone, cannot be found. Add a word that was said.

quotation =
    <blockquote>{ $text }</blockquote>
    <b>{ $name }</b> · { $clock }
quotation-title = <b>{ $name }</b>

inline-open = Open the bot
inline-nothing = Nothing was found. Open the bot
inline-title = { $name } · { $clock }

button-search = 🔍 Search my recordings
button-search-other = 🔍 Search for something else
button-number = { $number }
