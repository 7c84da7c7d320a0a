package dev.channels.it.bad;

import dev.channels.Backlog;
import dev.channels.Subscriber;

/** A subscriber whose constructor is not public. */
public class HiddenSubscriber extends Subscriber {

    HiddenSubscriber(Backlog backlog) {
        super(backlog);
    }
}
