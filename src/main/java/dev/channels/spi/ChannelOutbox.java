package dev.channels.spi;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import java.util.List;

/**
 * Publishes by the application's own transactions: what is written here commits with them, or not
 * at all, and is published after that, with no help of the node that wrote it.
 *
 * <p>All methods are safe for use by any thread, also before the backend is started and after it is
 * stopped.
 */
public interface ChannelOutbox {

    /**
     * Returns how large a payload may be; larger ones are refused before they are written.
     *
     * @return the number of bytes
     */
    int maxPayloadBytes();

    /**
     * Makes sure that what is written belongs to the transaction of the calling thread. Blocks;
     * writes nothing. The caller rolls the transaction back.
     *
     * @throws BrokerUnavailableException if that cannot be told now
     * @throws ChannelsException {@link ErrorCode#START_FAILED} if it does not belong to it
     */
    void verify();

    /**
     * Writes publications by the transaction of the calling thread, all or none. Blocks, without
     * waiting for anybody else's transaction. Called right before the commit, as the last that the
     * transaction does, or nearly so.
     *
     * <p>Once the transaction has committed, the publications are published once each, those of one
     * transaction in their order and together. Of two transactions that publish to one channel, one
     * that has committed before this method is called for the other comes first.
     *
     * @param publications at least one, in order; their sequence means nothing
     * @throws ChannelsException if they could not be written; the transaction cannot commit then
     */
    void write(List<Publication> publications);

    /** Says that a transaction that has written has committed; neither blocks nor throws. */
    void committed();
}
