package dev.channels.cdi.event;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** What in the application cannot work, all of it in one message. */
final class WrongPlaces {

    private final List<String> lines = new ArrayList<>();

    /**
     * Adds one.
     *
     * @param place the class and its member
     * @param what which annotation
     * @param why what is wrong, and the remedy
     */
    void add(String place, String what, String why) {
        lines.add("\n  - " + place + ": " + what + ": " + why);
    }

    /** Throws if there is any. */
    void throwIfAny() {
        if (!lines.isEmpty()) {
            throw new ChannelsException(
                    ErrorCode.WRONG_OBSERVER,
                    "Events of the application cannot become events of channels, or the other way"
                            + " round:"
                            + String.join("", lines));
        }
    }
}
