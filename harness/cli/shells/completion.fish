# fish completion of glue-conformance, made by `glue-conformance completion fish`

function __glue_conformance_at # COMMAND…: whether it is the one that is typed
    set -l words (commandline -opc)[2..]
    set -l depth (count $argv)
    test (count $words) -ge $depth; and test "$words[1..$depth]" = "$argv"
end

function __glue_conformance_next # COMMAND…: whether the word behind it is typed
    set -l words (commandline -opc)[2..]
    test "$words" = "$argv"
end

function __glue_conformance_value
    commandline -ct | string replace -r -- '^--[^=]*=' ''
end

# Words, of which one that ends with a colon has the path of a file behind it.
function __glue_conformance_words
    set -l typed (__glue_conformance_value)
    set -l prefix (string match -r -- '^[^:]*:' "$typed")
    if test -n "$prefix"; and contains -- "$prefix" $argv
        set -l path (string replace -- "$prefix" '' "$typed")
        for file in (__fish_complete_suffix "$path" '')
            echo -- "$prefix"(string replace -r -- '\t.*' '' "$file")
        end
    else
        printf '%s\n' $argv
    end
end

# What the program, as it was typed, knows.
function __glue_conformance_ids
    set -l program (commandline -opc)[1]
    eval $program completion $argv 2>/dev/null
end

complete -c glue-conformance -f

# (commands)
