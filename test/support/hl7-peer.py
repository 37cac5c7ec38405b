"""Reads HL7 v2 messages from standard input (a JSON list of texts) and prints what it finds in each, by an independent
reading of the standard (Debian's python3-hl7)."""

import json
import sys

import hl7


def field(message, name, n, component=1):
    try:
        return message.extract_field(name, 1, n, 1, component, 1)
    except (KeyError, IndexError):
        return None


def read(text):
    message = hl7.parse(text)
    return {
        "type": [field(message, "MSH", 9, n) for n in (1, 2, 3)],
        "control": field(message, "MSH", 10),
        "version": field(message, "MSH", 12),
        "patient": [field(message, "PID", 3, n) for n in (1, 4, 5)],
        "segments": [str(segment[0]) for segment in message],
        "lines": [
            message.unescape(str(segment[5][0])) if len(segment) > 5 else ""
            for segment in message
            if str(segment[0]) == "OBX"
        ],
        "states": [str(segment[11]) for segment in message if str(segment[0]) == "OBX"],
        "document": field(message, "TXA", 12),
        "parent": field(message, "TXA", 13),
        "filler": field(message, "OBR", 3),
        "result": field(message, "OBR", 25),
        "ack": str(message.create_ack("AA", application="EPR")),
    }


json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
