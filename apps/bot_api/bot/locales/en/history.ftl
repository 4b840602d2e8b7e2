inline-open = Open the bot
