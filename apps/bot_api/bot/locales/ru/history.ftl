inline-open = Открыть бота
