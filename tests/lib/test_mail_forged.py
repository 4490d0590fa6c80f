"""Typed text that would be a header, a recipient or a command once a mail program has decoded it."""

from email import message_from_bytes, policy

import pytest
from django.core.exceptions import ValidationError

from lib import mail

# RFC 2047: what a reader of headers turns into a line break and a second header
FORGED = "=?utf-8?q?Sutra=0D=0ABcc:_zao@primer.rs?="


def sent(**words):
    words = {"to": "ana@primer.rs", "subject": "Sutra", "text": "Dođite."} | words
    return mail.build(**words).as_bytes()


@pytest.mark.parametrize("forged", [FORGED, f"ред {FORGED}", FORGED + FORGED, FORGED.replace("=?", "\n=?")])
@pytest.mark.parametrize("place", ["subject", "name", "header", "file"])
def test_an_encoded_line_break_stays_text(forged, place):
    words = {
        "subject": {"subject": forged},
        "name": {"from_": mail.named(forged, "rasadnik@primer.rs")},
        "header": {"headers": {"X-Programme": forged}},
        "file": {"attachments": [(f"{forged}.pdf", b"%PDF", "application/pdf")]},
    }[place]
    data = sent(**words)
    starts = [line.split(b":")[0].strip().lower() for line in data.split(b"\r\n")]
    assert starts.count(b"bcc") == 0
    message = message_from_bytes(data, policy=policy.default)
    assert message["Bcc"] is None
    assert [one.addr_spec for one in message["To"].addresses] == ["ana@primer.rs"]
    assert [one.addr_spec for one in message["From"].addresses][-1].endswith(("@primer.rs", "@localhost"))
    assert len(message["From"].addresses) == 1


@pytest.mark.parametrize(
    "address",
    [
        f"{FORGED.replace(':', '')}@primer.rs",
        '"ana@zao.rs>, <x"@primer.rs',
        '"a,b"@primer.rs',
        '"\x01"@primer.rs',
        '"x\\\x0b"@primer.rs',
        "ana@primer.rs\r\nRCPT TO:<zao@primer.rs>",
        "ana@primer.rs>",
        "<ana@primer.rs>",
    ],
)
@pytest.mark.parametrize("place", ["to", "reply_to"])
def test_an_address_that_programs_read_differently_is_none(address, place):
    with pytest.raises(ValidationError):
        sent(**{place: address})


def test_a_sender_of_a_serbian_domain_is_given_as_servers_take_it(scripted):
    message = mail.build(to="ana@primer.rs", subject="s", text="t", from_="Расадник <info@расадник.срб>")
    with mail.Transport() as transport:
        assert transport.deliver(message) == mail.Sent("250 kept")
    assert scripted.senders == ["info@xn--80aamqkqrj.xn--90a3ac"]


@pytest.mark.parametrize("words", ["what?", "354 go on", "199 hm"])
def test_an_answer_to_the_final_dot_that_means_nothing_is_uncertain(scripted, words):
    scripted.body = words
    with mail.Transport() as transport:
        outcome = transport.deliver(mail.build(to="ana@primer.rs", subject="s", text="t"))
        assert type(outcome) is mail.Uncertain
        scripted.body = None
        assert type(transport.deliver(mail.build(to="b@primer.rs", subject="s", text="t"))) is mail.Sent
    assert len(scripted.bodies) == 1


def test_the_next_line_may_wait_as_long_as_the_standard_says():
    from lib import smtp

    assert (smtp.COMMAND_SECONDS, smtp.TEXT_SECONDS, smtp.FINAL_DOT_SECONDS) == (20, 180, 600)
