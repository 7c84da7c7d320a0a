package dev.channels.internal.publish;

import java.util.List;

/** A publish that the application's transaction writes itself. */
final class JoinedPublish implements Transactions.Waiting {

    final PendingPublish publish;
    private final PublishReport report;
    private final Runnable written;

    /**
     * Makes it.
     *
     * @param publish what is published
     * @param report is told what became of it
     * @param written to be called when it is in the broker for good
     */
    JoinedPublish(PendingPublish publish, PublishReport report, Runnable written) {
        this.publish = publish;
        this.report = report;
        this.written = written;
    }

    @Override
    public void committed() {
        written.run();
        report.settled(List.of(publish), null);
    }

    @Override
    public void rolledBack() {
        report.rolledBack(publish.channels(), publish.promise);
    }
}
