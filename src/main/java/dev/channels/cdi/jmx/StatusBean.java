package dev.channels.cdi.jmx;

import dev.channels.ChannelsException;
import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.spi.Causes;
import dev.channels.spi.ChannelNames;
import dev.channels.spi.Log;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Shows the status of one application. */
final class StatusBean implements ChannelsMXBean {

    /** How many seconds a caller waits for the broker. */
    private static final long PATIENCE = 10;

    private final ApplicationStatus status;

    StatusBean(ApplicationStatus status) {
        this.status = status;
    }

    @Override
    public String getPhase() {
        return status.phase().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String getBackend() {
        return status.backend();
    }

    @Override
    public boolean isBrokerUp() {
        return status.isBrokerUp();
    }

    @Override
    public int getConnections() {
        return status.connections();
    }

    @Override
    public int getSubscribers() {
        return status.statistics().subscribers();
    }

    @Override
    public int getWaitingPublishes() {
        return status.statistics().waitingPublishes();
    }

    @Override
    public long getPublished() {
        return status.statistics().published();
    }

    @Override
    public long getPublishFailures() {
        return status.statistics().publishFailures();
    }

    @Override
    public long getReceived() {
        return status.statistics().received();
    }

    @Override
    public long getDuplicates() {
        return status.statistics().duplicates();
    }

    @Override
    public long getDropped() {
        return status.statistics().dropped();
    }

    @Override
    public long getDiscarded() {
        return status.statistics().discarded();
    }

    @Override
    public long getSkipped() {
        return status.statistics().skipped();
    }

    @Override
    public long getGaps() {
        return status.statistics().gaps();
    }

    @Override
    public long getHistoryReads() {
        return status.statistics().historyReads();
    }

    @Override
    public long getApplicationFailures() {
        return status.statistics().applicationFailures();
    }

    @Override
    public boolean disconnectClient(String id) {
        boolean found = status.disconnect(id);
        if (found) {
            Log.state("Client " + id + " has been disconnected by JMX");
        }
        return found;
    }

    /** What is thrown must be known to the one who calls, who may have only the JDK. */
    @Override
    public boolean forgetChannel(String channel) {
        // Before it is done: the answer may come too late for this call, or not at all.
        Log.state("JMX deletes the history of channel '" + ChannelNames.printable(channel) + "'");
        try {
            return status.forget(channel).toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
        } catch (ChannelsException e) {
            throw failed(channel, e);
        } catch (ExecutionException e) {
            throw failed(channel, Causes.of(e));
        } catch (TimeoutException e) {
            throw failed(channel, "the broker has not answered in " + PATIENCE + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(channel, "the thread was interrupted");
        }
    }

    private static IllegalStateException failed(String channel, Object why) {
        return new IllegalStateException(
                "The history of '" + ChannelNames.printable(channel) + "' is not deleted: " + why);
    }
}
