package dev.channels.console;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.Delivery;
import dev.channels.EventSender;
import dev.channels.Gap;
import dev.channels.Refused;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one operator sees of the events of a channel: as many as one can read, and of the others how
 * many they were. So it holds up nobody, and needs no more memory than that.
 */
final class Tail implements EventSender {

    /** So many events are shown between two states, of which there is one in a second. */
    static final int MAX_EVENTS = 50;

    /** So much of a payload is shown. */
    static final int MAX_TEXT = 2_000;

    private final String channel;
    private final boolean showsPayloads;
    private final AtomicInteger room = new AtomicInteger(MAX_EVENTS);
    private final AtomicLong leftOut = new AtomicLong();
    private volatile Consumer<String> out = json -> {};
    private volatile boolean mayBlock;

    /**
     * Makes a tail that shows nothing yet.
     *
     * @param showsPayloads whether the operator may subscribe to the channel
     */
    Tail(String channel, boolean showsPayloads) {
        this.channel = channel;
        this.showsPayloads = showsPayloads;
    }

    String channel() {
        return channel;
    }

    /**
     * Says who takes what is shown, as JSON.
     *
     * @param blocks see {@link EventSender#mayBlock()}
     */
    void showTo(Consumer<String> taker, boolean blocks) {
        mayBlock = blocks;
        out = taker;
        taker.accept(
                new Json()
                        .object()
                        .name("begins")
                        .value(channel)
                        .name("payloads")
                        .value(showsPayloads)
                        .endObject()
                        .toString());
    }

    /** Makes room for others: what was shown has been read. */
    void makeRoom() {
        room.set(MAX_EVENTS);
        long left = leftOut.getAndSet(0);
        if (left > 0) {
            out.accept(new Json().object().name("leftOut").value(left).endObject().toString());
        }
    }

    @Override
    public void send(Delivery delivery, Completion completion) {
        if (delivery instanceof ChannelEvent event) {
            if (room.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                out.accept(shown(event));
            } else {
                leftOut.incrementAndGet();
            }
        } else if (delivery instanceof Gap) {
            out.accept(new Json().object().name("gap").value(true).endObject().toString());
        } else if (delivery instanceof Refused refused) {
            out.accept(failed(refused.reason()));
        }
        completion.sent();
    }

    @Override
    public int maxInFlight() {
        return MAX_EVENTS;
    }

    @Override
    public boolean mayBlock() {
        return mayBlock;
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        if (failure != null) {
            out.accept(failed(failure));
        }
    }

    private static String failed(Throwable failure) {
        return new Json()
                .object()
                .name("ended")
                .value(failure instanceof ChannelsException known ? known.errorCode().code() : "")
                .endObject()
                .toString();
    }

    private String shown(ChannelEvent event) {
        Json json = new Json().object();
        json.name("offset").value(event.position().offset());
        json.name("bytes").value(event.size());
        if (showsPayloads) {
            payload(json, event);
            json.name("headers").object();
            event.headers().forEach((name, value) -> json.name(name).value(value));
            json.endObject();
        }
        return json.endObject().toString();
    }

    private static void payload(Json json, ChannelEvent event) {
        String text;
        try {
            text = event.text();
        } catch (ChannelsException e) {
            json.name("binary").value(true);
            return;
        }
        json.name("text").value(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
        json.name("cut").value(text.length() > MAX_TEXT);
    }
}
