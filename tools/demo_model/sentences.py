"""Sentences of meetings in Russian and English, drawn from templates with slots: what the demo model knows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

SALAD = 0.12  # share of sentences that are words in any order, so that the decoder listens instead of reciting


@dataclass(frozen=True, slots=True)
class Grammar:
    """``templates`` name their ``slots`` in braces."""

    slots: Mapping[str, Sequence[str]]
    templates: Sequence[str]

    def sentence(self, rng: Random) -> str:
        text = self._salad(rng) if rng.random() < SALAD else self._filled(rng)
        return text[0].upper() + text[1:]

    def _filled(self, rng: Random) -> str:
        return re.sub(r"{(\w+)}", lambda slot: rng.choice(self.slots[slot[1]]), rng.choice(self.templates))

    def _salad(self, rng: Random) -> str:
        names = list(self.slots)
        return " ".join(rng.choice(self.slots[rng.choice(names)]) for _ in range(rng.randint(2, 6))) + "."

    def fixed(self) -> frozenset[str]:
        """The sentences without slots."""
        return frozenset(template for template in self.templates if "{" not in template)


def _split(**slots: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(choice.strip() for choice in choices.split("|")) for name, choices in slots.items()}


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.strip().splitlines())


RUSSIAN = Grammar(
    _split(
        who="""
            Анна|Борис|Виктор|Галина|Дмитрий|Елена|Иван|Мария|Николай|Ольга|Павел|Сергей|Татьяна|Юлия|Алексей|Светлана
        """,
        dept="""
            цех|склад|отдел продаж|отдел закупок|бухгалтерия|лаборатория|служба доставки|отдел качества|производство|
            служба поддержки
        """,
        deptgen="""
            цеха|склада|отдела продаж|отдела закупок|бухгалтерии|лаборатории|службы доставки|отдела качества|
            производства|службы поддержки
        """,
        item="отчёт|договор|заказ|график|проект|бюджет|список|план|счёт|протокол|макет|чертёж|документ|прогноз|каталог",
        itemgen="""
            отчёта|договора|заказа|графика|проекта|бюджета|списка|плана|счёта|протокола|макета|чертежа|документа|
            прогноза|каталога
        """,
        goods="""
            подшипники|насосы|датчики|кабели|станки|клапаны|двигатели|упаковку|краску|металл|фильтры|детали|трубы|
            болты
        """,
        goodsgen="""
            подшипников|насосов|датчиков|кабелей|станков|клапанов|двигателей|упаковки|краски|металла|фильтров|деталей|
            труб|болтов
        """,
        day="понедельник|вторник|среду|четверг|пятницу|субботу",
        when="""
            сегодня|завтра|утром|вечером|вчера|на этой неделе|на следующей неделе|до конца месяца|через два дня|
            к обеду|в начале года|к концу недели
        """,
        num="""
            один|два|три|четыре|пять|шесть|семь|восемь|девять|десять|двенадцать|пятнадцать|двадцать|тридцать|сорок|
            пятьдесят|сто|двести
        """,
        numgen="двух|трёх|четырёх|пяти|шести|семи|восьми|девяти|десяти|двадцати|тридцати|ста",
        unit="процентов|штук|дней|часов|тысяч|миллионов|человек|килограммов|метров|минут",
        city="Москвы|Казани|Самары|Перми|Тулы|Омска|Уфы|Томска|Рязани|Тюмени",
        adj="новый|старый|важный|большой|срочный|полный|готовый|последний|первый|второй|сложный|хороший",
        verb="подготовит|проверит|отправит|закроет|обновит|согласует|подпишет|передаст|исправит|пересчитает",
        past="выросли|упали|сократились|увеличились|изменились|остались прежними",
        what="продажи|расходы|поставки|цены|сроки|запасы|жалобы|остатки|доходы|простои",
        whatgen="продаж|расходов|поставок|цен|сроков|запасов|жалоб|остатков|доходов|простоев",
        reply="Да|Нет|Хорошо|Понятно|Согласен|Согласна|Отлично|Спасибо|Верно|Договорились|Конечно|Возможно",
    ),
    _lines(
        """
        Коллеги, начинаем совещание.
        Доброе утро, коллеги.
        Добрый день, меня хорошо слышно?
        {reply}.
        {reply}, коллеги.
        {reply}, {who}.
        {who}, вам слово.
        {who}, что у нас по теме {whatgen}?
        {who} {verb} {item} {when}.
        {who} {verb} {adj} {item} до {numgen} часов.
        {what} {past} на {num} {unit}.
        За неделю {what} {past} на {num} {unit}.
        Нам нужно {num} {unit} для {deptgen}.
        Нужно заказать {goods} {when}.
        Мы получили {num} {unit} {goodsgen} из {city}.
        Поставка {goodsgen} из {city} задержалась на {num} {unit}.
        Прошу подготовить {item} в {day}.
        Встречаемся в {day} в {num} часов.
        Следующая встреча {when}.
        Какой срок у {itemgen}?
        Кто отвечает за {item}?
        За {item} отвечает {who}.
        {dept} просит {num} {unit}.
        У {deptgen} есть вопрос.
        Есть вопрос по {num} пункту.
        Проблема в том, что {what} {past}.
        Решили отправить {item} {when}.
        Предлагаю перенести {item} на {day}.
        Я не согласен, нам не хватает {whatgen}.
        Я согласна, {item} уже готов.
        {adj} {item} лежит на столе.
        Клиент из {city} ждёт {adj} {item}.
        Сколько {whatgen} у {deptgen}?
        Примерно {num} {unit}.
        Думаю, {num} {unit} будет достаточно.
        Запишите задачу, {who}.
        Итак, подведём итоги.
        Всем спасибо, до свидания.
        Давайте обсудим {item}.
        Давайте проверим {item} ещё раз {when}.
        По плану у нас {adj} {item} и {adj} {item}.
        На складе осталось {num} {unit} {goodsgen}.
        Мы потеряли {num} {unit} из-за {whatgen}.
        Качество {goodsgen} стало лучше.
        Качество {goodsgen} стало хуже {when}.
        Когда будет готов {item}?
        Он будет готов {when}.
        {when} приедет клиент из {city}.
        Не забудьте про {item}.
        {who} и {who} работают вместе.
        """
    ),
)

ENGLISH = Grammar(
    _split(
        who="Anna|Boris|Victor|Helen|David|Emma|John|Mary|Nicholas|Olivia|Paul|Robert|Susan|James|Alex|Kate",
        dept="""
            the workshop|the warehouse|the sales team|purchasing|accounting|the laboratory|delivery|quality control|
            production|support
        """,
        item="""
            report|contract|order|schedule|project|budget|list|plan|invoice|protocol|layout|drawing|document|forecast|
            catalogue
        """,
        goods="bearings|pumps|sensors|cables|machines|valves|engines|packaging|paint|metal|filters|parts|pipes|bolts",
        day="Monday|Tuesday|Wednesday|Thursday|Friday|Saturday",
        when="""
            today|tomorrow|this morning|this evening|yesterday|this week|next week|by the end of the month|
            in two days|before lunch|at the start of the year|by the end of the week
        """,
        num="""
            one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|one hundred|
            two hundred
        """,
        unit="percent|pieces|days|hours|thousand|million|people|kilograms|meters|minutes",
        city="London|Berlin|Boston|Dublin|Madrid|Oslo|Paris|Chicago|Vienna|Warsaw",
        adj="new|old|important|big|urgent|complete|final|last|first|second|difficult|good",
        verb="prepare|check|send|close|update|approve|sign|deliver|fix|recalculate",
        past="grew|fell|went down|went up|changed|dropped",
        what="sales|costs|deliveries|prices|delays|stocks|complaints|returns|profits|stops",
        reply="Yes|No|Good|I see|I agree|Excellent|Thank you|Right|Agreed|Of course|Maybe|Okay",
    ),
    _lines(
        """
        Colleagues, let us begin the meeting.
        Good morning, everyone.
        Good afternoon, can you hear me well?
        {reply}.
        {reply}, colleagues.
        {reply}, {who}.
        {who}, the floor is yours.
        {who}, what about {what}?
        {who} will {verb} the {item} {when}.
        {who} will {verb} the {adj} {item} in {num} hours.
        {what} {past} by {num} {unit}.
        This week {what} {past} by {num} {unit}.
        We need {num} {unit} for {dept}.
        We have to order {goods} {when}.
        We received {num} {unit} of {goods} from {city}.
        The delivery of {goods} from {city} is late by {num} {unit}.
        Please prepare the {item} on {day}.
        We meet on {day} at {num}.
        The next meeting is {when}.
        What is the deadline for the {item}?
        Who is responsible for the {item}?
        {who} is responsible for the {item}.
        {dept} asks for {num} {unit}.
        There is a question from {dept}.
        I have a question about point {num}.
        The problem is that {what} {past}.
        We decided to send the {item} {when}.
        I suggest we move the {item} to {day}.
        I do not agree, we are short of {goods}.
        I agree, the {item} is ready.
        The {adj} {item} is on the table.
        The client from {city} is waiting for the {adj} {item}.
        How many {goods} does {dept} have?
        About {num} {unit}.
        I think {num} {unit} will be enough.
        Write down the task, {who}.
        So, let us sum up.
        Thank you all, goodbye.
        Let us discuss the {item}.
        Let us check the {item} once more {when}.
        According to the plan we have a {adj} {item} and a {adj} {item}.
        There are {num} {unit} of {goods} left in the warehouse.
        We lost {num} {unit} because of {what}.
        The quality of {goods} is better.
        The quality of {goods} is worse {when}.
        When will the {item} be ready?
        It will be ready {when}.
        The client from {city} arrives {when}.
        Do not forget about the {item}.
        {who} and {who} work together.
        """
    ),
)

GRAMMARS: Mapping[str, Grammar] = {"ru": RUSSIAN, "en": ENGLISH}
