package dev.channels.internal.publish;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.ChannelOutbox;
import dev.channels.spi.Publication;
import java.util.List;

/** The transactions of the application, where they write what is published in them themselves. */
public final class JoinedTransactions {

    private final ChannelOutbox outbox;
    private final Transactions transactions;

    /**
     * Makes them.
     *
     * @param outbox where they write
     * @param transactions those of the application
     */
    public JoinedTransactions(ChannelOutbox outbox, Transactions transactions) {
        this.outbox = outbox;
        this.transactions = transactions.writtenBy(this::write);
    }

    private void write(List<Transactions.Waiting> publishes) {
        outbox.write(
                publishes.stream()
                        .<Publication>map(waiting -> ((JoinedPublish) waiting).publish)
                        .toList());
    }

    /**
     * Has the transaction of the calling thread publish.
     *
     * @param publish what is published
     * @param report is told what became of it, if the answer is {@code INSIDE}
     * @return where the thread stands
     * @throws ChannelsException {@link ErrorCode#EVENT_TOO_LARGE}
     */
    Transactions.Standing join(PendingPublish publish, PublishReport report) {
        int size = publish.payload().length;
        if (size > outbox.maxPayloadBytes()) {
            throw new ChannelsException(
                    ErrorCode.EVENT_TOO_LARGE,
                    "An event of "
                            + size
                            + " bytes to "
                            + ChannelNames.printable(publish.channels())
                            + " is too large for the broker: at most "
                            + outbox.maxPayloadBytes()
                            + " bytes are stored. Publish a reference to the data instead.");
        }
        return transactions.join(new JoinedPublish(publish, report, outbox::committed));
    }
}
