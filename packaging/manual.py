#!/usr/bin/env python3
"""The manual page asinqd(1), from the commands' own help.

    asinqd --experimental-dump-help | manual.py VERSION > asinqd.1
"""

import json
import re
import sys

# Of the last change to what this file adds to the help.
DATE = "2026-11-29"
SHOWN_ONCE = {"help", "version", "database", "config"}


def text(words):
    """One line of running text."""
    words = words.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + words if words[:1] in (".", "'") else words


def paragraphs(discussion):
    """Running text is filled; what is indented stands as it is."""
    lines = []
    for paragraph in re.split(r"\n\n+", discussion.strip()):
        isExample = False
        for number, line in enumerate(paragraph.split("\n")):
            if line.startswith("  ") != isExample:
                lines.append(".fi\n.RE" if isExample else ".RS 4\n.nf")
                isExample = not isExample
            elif number == 0:
                lines.append(".PP")
            lines.append(text(line[2:] if isExample else line))
        if isExample:
            lines.append(".fi\n.RE")
    return lines


def spelling(name):
    return ("-" if name["kind"] == "short" else "--") + name["name"]


def usage(command):
    words = [command["path"]]
    for argument in command["arguments"]:
        if not argument["shouldDisplay"] or name(argument) in SHOWN_ONCE:
            continue
        if argument["kind"] == "positional":
            word = argument["valueName"] + (" ..." if argument["isRepeating"] else "")
        else:
            word = spelling(argument["preferredName"])
            if argument["kind"] == "option":
                word += " " + argument["valueName"]
            word += " ..." if argument["isRepeating"] else ""
        words.append(f"[{word}]" if argument["isOptional"] else word)
    return words


def name(argument):
    return argument.get("preferredName", {}).get("name", argument["valueName"])


def options(arguments):
    lines = []
    for argument in arguments:
        if argument["kind"] == "positional":
            lines += [".TP", f"\\fI{text(argument['valueName'])}\\fR"]
        else:
            names = ", ".join(f"\\fB{text(spelling(n))}\\fR" for n in argument["names"])
            value = f" \\fI{text(argument['valueName'])}\\fR" if argument["kind"] == "option" else ""
            lines += [".TP", names + value]
        words = " ".join(argument.get("abstract", "").split())
        if argument.get("defaultValue"):
            words += f" (default: {argument['defaultValue']})"
        lines.append(text(words))
    return lines


def shown(command, isCommon):
    return [
        argument
        for argument in command["arguments"]
        if argument["shouldDisplay"] and (name(argument) in SHOWN_ONCE) == isCommon
    ]


def displayed(command, path):
    """Its subcommands with their own, in the order of the help."""
    for sub in command.get("subcommands", []):
        if sub["shouldDisplay"] and sub["commandName"] != "help":
            sub["path"] = f"{path} {sub['commandName']}"
            yield sub
            yield from displayed(sub, sub["path"])


def page(root, version):
    commands = list(displayed(root, "asinqd"))
    lines = [
        f'.TH ASINQD 1 "{DATE}" "asinqd {version}" "User Commands"',
        # No hyphens in names, and no gaps between words.
        ".nh",
        ".ad l",
        ".SH NAME",
        f"asinqd \\- {text(root['abstract'][0].lower() + root['abstract'][1:].rstrip('.'))}",
        ".SH SYNOPSIS",
        ".B asinqd",
        "\\fIcommand\\fR [\\fIoption\\fR ...]",
        ".SH DESCRIPTION",
        *paragraphs(root["discussion"])[1:],
        ".SH COMMANDS",
    ]
    for command in commands:
        first, *others = usage(command)
        lines += [f".SS {text(first)}", text(command["abstract"]), ".PP"]
        lines += [f"\\fB{text(first)}\\fR " + text(" ".join(others))]
        lines += options(shown(command, isCommon=False))
        lines += paragraphs(command.get("discussion", ""))
    common = {name(a): a for c in commands for a in shown(c, isCommon=True)}
    lines += [".SH OPTIONS OF ALL COMMANDS", *options(common[n] for n in sorted(common))]
    lines += [
        ".SH FILES",
        ".TP",
        "\\fI~/.config/asinqd/asinqd.yaml\\fR, \\fI/etc/asinqd/asinqd.yaml\\fR",
        "Settings; the first that is there is read. See",
        ".BR asinqd.yaml (5).",
        ".TP",
        "\\fI/etc/credstore/asinqd.asinscope\\-apiKey\\fR",
        "The key, for the service.",
        ".SH SEE ALSO",
        ".BR asinqd.yaml (5),",
        ".BR sqlite3 (1),",
        ".BR systemctl (1)",
    ]
    return "\n".join(line for line in lines if line)


if __name__ == "__main__":
    print(page(json.load(sys.stdin)["command"], sys.argv[1]))
