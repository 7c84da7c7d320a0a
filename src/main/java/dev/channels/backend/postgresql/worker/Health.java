package dev.channels.backend.postgresql.worker;

/** Is told by a worker how its connection is. Safe for use by any thread. */
public interface Health {

    /** Of a worker that may be without a connection, nobody being concerned. */
    Health UNWATCHED =
            new Health() {
                @Override
                public int number() {
                    return 0;
                }

                @Override
                public void up(int verifiedFor) {}

                @Override
                public void down(Throwable cause) {}
            };

    /** Returns what changes whenever the connection must be verified. */
    int number();

    /**
     * Says that there is a connection that works.
     *
     * @param verifiedFor the number as it was before that was known
     */
    void up(int verifiedFor);

    /**
     * Says that there is no connection.
     *
     * @param cause why
     */
    void down(Throwable cause);
}
