"""Notices by mail: once, to those who want it, through crashes and a mail server that is away."""

import logging
import threading
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from core.inbox import mark_read, notices_of, send_notices
from core.mailing import mail_notices
from core.tasks import mail_notices as mail_notices_task
from tests.factories import UserFactory

AT = datetime(2021, 7, 15, 3, tzinfo=UTC)
HERE = f"{__name__}."


class OutOfOrder(EmailBackend):
    """A mail server that does not take what goes to ``bad`` and hangs up on ``rude``."""

    def send_messages(self, messages):
        for message in messages:
            if "bad@" in message.to[0]:
                raise SMTPRecipientsRefused({message.to[0]: (550, b"no such mailbox")})
            if "rude@" in message.to[0]:
                raise SMTPServerDisconnected("gone")
        return super().send_messages(messages)


class Dying(EmailBackend):
    """The worker dies when the mail is gone and nothing is written yet."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise KeyboardInterrupt


class Slow(EmailBackend):
    """Takes a mail as two workers meet at it, then lets the other one look."""

    met = threading.Barrier(2, timeout=5)

    def open(self):
        self.met.wait()

    def send_messages(self, messages):
        threading.Event().wait(0.3)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def _portal(settings):
    settings.PORTAL_URL, settings.DEFAULT_FROM_EMAIL = "https://bando.example", "bando@bando.example"
    cache.clear()


def person(name="lan", **said):
    return UserFactory(
        **{"username": name, "full_name": f"Nguyễn {name}", "email": f"{name}@xa.example"} | said
    )


def tell(*recipients, key="thử", at=AT, **said):
    said = {"subject": "Xã Vĩnh Hải chưa báo cáo", "body": "Hạn: 16:00.", "link": "/search/"} | said
    with transaction.atomic():
        send_notices(recipients=[user.pk for user in recipients], key=key, at=at, **said)


def test_mail_says_what_the_notice_says_and_where_to_go(db):
    lan = person()
    tell(lan)

    assert mail_notices(at=AT) == 1

    (message,) = mail.outbox
    assert message.subject == "[Vùng xanh] Xã Vĩnh Hải chưa báo cáo"
    assert (message.to, message.from_email) == (["lan@xa.example"], "bando@bando.example")
    assert message.body == (
        "Kính gửi Nguyễn lan,\n\n"
        "Xã Vĩnh Hải chưa báo cáo\nHạn: 16:00.\n"
        f"https://bando.example/inbox/{notices_of(lan).get().pk}/\n\n"
        "Thư này do cổng Vùng xanh tự động gửi. Đổi hoặc bỏ địa chỉ nhận thư: "
        "https://bando.example/accounts/me/\n"
    )
    assert notices_of(lan).get().mailed_at == AT


def test_several_notices_are_one_mail_in_their_order(db):
    lan = person()
    for key in ("một", "hai", "ba"):
        tell(lan, key=key, subject=f"Việc {key}")

    assert mail_notices(at=AT) == 1

    (message,) = mail.outbox
    assert message.subject == "[Vùng xanh] 3 thông báo trong hộp thư"
    assert message.body.index("Việc một") < message.body.index("Việc hai") < message.body.index("Việc ba")


def test_nothing_is_mailed_twice(db):
    tell(person())

    assert [mail_notices(at=AT), mail_notices(at=AT)] == [1, 0]
    assert len(mail.outbox) == 1


def test_subject_of_several_lines_is_one_line_in_a_mail(db):
    tell(person(), subject="Xã\nBcc: ai@do.example")

    mail_notices(at=AT)

    assert mail.outbox[0].subject == "[Vùng xanh] Xã Bcc: ai@do.example"


def test_only_the_unread_of_the_last_days_goes_to_people_with_an_address(db):
    read, old, fresh = person("read"), person("old"), person("fresh")
    tell(read, person("none", email=""), person("gone", is_active=False))
    tell(old, at=AT - timedelta(days=3))
    tell(fresh, at=AT - timedelta(days=3) + timedelta(microseconds=1))
    mark_read(user=read, at=AT)

    mail_notices(at=AT)

    assert [message.to for message in mail.outbox] == [["fresh@xa.example"]]


def test_address_given_later_gets_what_is_still_new(db):
    lan = person(email="")
    tell(lan)
    assert mail_notices(at=AT) == 0

    lan.email = "lan@xa.example"
    lan.save()

    assert mail_notices(at=AT + timedelta(hours=1)) == 1


def test_refused_address_holds_up_nobody_and_is_left_alone_for_a_while(db, settings, caplog):
    settings.EMAIL_BACKEND = HERE + OutOfOrder.__name__
    bad, good = person("bad"), person("good")
    tell(bad, good)

    with caplog.at_level(logging.WARNING):
        assert [mail_notices(at=AT), mail_notices(at=AT)] == [1, 0]

    assert [message.to for message in mail.outbox] == [["good@xa.example"]]
    assert caplog.text.count("refuses the address of bad") == 1
    assert notices_of(bad).get().mailed_at is None
    cache.clear()  # the while is over
    bad.email = "better@xa.example"
    bad.save()
    assert mail_notices(at=AT) == 1


def test_round_ends_when_the_mail_server_fails_and_the_next_goes_on(db, settings, caplog):
    settings.EMAIL_BACKEND = HERE + OutOfOrder.__name__
    first, rude, last = person("first"), person("rude"), person("last")
    for minute, user in enumerate((first, rude, last)):
        tell(user, at=AT + timedelta(minutes=minute))

    with caplog.at_level(logging.WARNING):
        assert mail_notices(at=AT + timedelta(hours=1)) == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert "the next round goes on" in caplog.text
    assert mail_notices(at=AT + timedelta(hours=1)) == 2
    assert [message.to[0].split("@")[0] for message in mail.outbox] == ["first", "rude", "last"]


def test_mail_server_that_is_away_costs_a_line_in_the_log(db, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tell(person())

    with caplog.at_level(logging.WARNING):
        assert mail_notices(at=AT) == 0

    assert "The mail server failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_worker_that_dies_with_the_mail_in_its_hand_loses_none(settings):
    settings.EMAIL_BACKEND = HERE + Dying.__name__
    lan = person()
    tell(lan)
    with pytest.raises(KeyboardInterrupt):
        mail_notices(at=AT)
    assert notices_of(lan).get().mailed_at is None

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert mail_notices(at=AT) == 1
    assert len(mail.outbox) == 2  # repeated, not lost


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(settings):
    settings.EMAIL_BACKEND = HERE + Slow.__name__
    people = [person(f"p{number}") for number in range(4)]
    tell(*people)
    sent = []

    def work():
        try:
            sent.append(mail_notices(at=AT))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(sent) == 4
    assert min(sent) > 0  # neither waited for the other
    assert sorted(message.to[0] for message in mail.outbox) == [user.email for user in people]


@pytest.mark.parametrize("configured", [True, False])
def test_task_sends_where_mail_is_configured(db, settings, configured):
    settings.MAIL_IS_SENT = configured
    lan = person()
    tell(lan, at=datetime.now(UTC))

    mail_notices_task()

    assert len(mail.outbox) == int(configured)
