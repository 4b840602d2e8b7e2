### Hours for Telegram Stars.

shop-title =
    <b>Time in reserve</b>

    { $balance }

    The hours you buy are used after the daily allowance and do not expire.
shop-balance = { $state ->
    [unlimited] You have no limits, there is nothing you need to buy.
    [packed] Every day: { $daily }. In reserve: { $packs }.
   *[daily] Every day: { $daily }. Nothing in reserve yet.
}
invoice-title = { $amount } of recordings
invoice-description = { $amount } are added to your reserve. They are used after the daily allowance and do not expire. Terms: /terms.
invoice-label = { $amount }
payment-received = ✅ Thank you! { $added } added, your reserve is { $left } now.
payment-refunded = You got { $stars } ⭐ back; { $amount } were taken from your reserve.
payment-impossible = This payment could not be credited, so I gave { $stars } ⭐ back. Please try again: /buy.

pay-support =
    <b>Help with payments</b>

    If the hours did not arrive or you changed your mind, { $support ->
        [none] write to the administrator who gave you this bot
       *[other] write to { $support }
    }. Tell the date of the payment and how many Stars it was. Telegram’s own support cannot help with these purchases.
pay-terms =
    <b>Terms</b>

    For Telegram Stars you buy hours of recordings. They are added right after the payment, are used after the daily allowance, and do not expire.

    If a recording could not be transcribed, its time goes back to your reserve. Unused hours can be refunded: the Stars go back to your balance in Telegram. How to: /paysupport.

    If you delete all your data (/delete_me), the hours you bought are lost too.

button-buy = Buy time
button-pack = { $amount } for { $stars } ⭐
