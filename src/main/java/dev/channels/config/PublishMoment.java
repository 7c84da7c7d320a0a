package dev.channels.config;

/** When a publish in a transaction goes out. */
enum PublishMoment {
    /** Whatever becomes of the transaction. */
    AT_ONCE,
    /** When it has committed, or not at all. */
    AFTER_COMMIT
}
