package dev.channels.cdi.jmx;

import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.spi.Log;
import java.util.Locale;

/** Shows the status of one application. */
final class StatusBean implements ChannelsMXBean {

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
}
