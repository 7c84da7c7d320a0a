package dev.channels.cdi.event;

import dev.channels.Position;
import dev.channels.Start;
import dev.channels.event.FromChannel;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/** Reads where an observer is to begin, as its annotation says it. */
final class WrittenStart {

    /** An expression of MicroProfile Config, which has no method that resolves one of others. */
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^:}]+)(?::([^}]*))?}");

    private final Function<String, ConfigValue> properties;

    /**
     * Makes a reader.
     *
     * @param properties returns what the configuration has of a property
     */
    WrittenStart(Function<String, ConfigValue> properties) {
        this.properties = properties;
    }

    /**
     * Returns what is wrong with where an observer is to begin, and the remedy; null if nothing.
     */
    @Nullable String problemWith(FromChannel channel, ObservedBackend backend) {
        if (channel.start().isEmpty()) {
            return null;
        }
        if (channel.history() != 0) {
            return "it begins either with events of the history, or after a position. Leave"
                    + " 'history' or 'start' out.";
        }
        if (channel.once()) {
            return "with 'once' the broker remembers where to go on. Leave 'start' out.";
        }
        if (!backend.history()) {
            return "the backend "
                    + backend.name()
                    + " keeps no history, so that nothing can be read after a position. Leave"
                    + " 'start' out, or have a history kept"
                    + (backend.name().equals("memory") ? ": set channels.memory.history." : ".");
        }
        try {
            of(channel);
            return null;
        } catch (IllegalArgumentException e) {
            return "start: " + e.getMessage() + ".";
        }
    }

    /**
     * Returns where an observer is to begin.
     *
     * @throws IllegalArgumentException if what is written is no position
     */
    Start of(FromChannel channel) {
        String text = resolved(channel.start());
        return text.isEmpty() ? Start.last(channel.history()) : Start.after(Position.parse(text));
    }

    private String resolved(String written) {
        Matcher expression = EXPRESSION.matcher(written);
        if (!expression.matches()) {
            return written;
        }
        String property = expression.group(1);
        String otherwise = expression.group(2);
        String value = valueOf(property);
        if (value == null && otherwise == null) {
            throw new IllegalArgumentException(
                    "there is no property "
                            + property
                            + ". Set it, or write ${"
                            + property
                            + ":} to begin with the next event where there is none");
        }
        return (value == null ? otherwise : value).strip();
    }

    /** What does not resolve is an exception with some implementations, and null with others. */
    private @Nullable String valueOf(String property) {
        try {
            ConfigValue found = properties.apply(property);
            if (found.getValue() != null || found.getRawValue() == null) {
                return found.getValue();
            }
        } catch (NoSuchElementException | IllegalArgumentException e) {
            // As below.
        }
        throw new IllegalArgumentException(
                "the property "
                        + property
                        + " holds an expression that cannot be resolved. Set what it names");
    }
}
