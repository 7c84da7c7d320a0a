package dev.channels.websocket;

/** What a session goes over, for a server that keeps it although the session is closed. */
interface Connection {

    /** One that nobody can reach, and the server looks after. */
    Connection UNKNOWN =
            new Connection() {
                @Override
                public boolean isOpen() {
                    return false;
                }

                @Override
                public void end() {}
            };

    /** Tells whether it is there yet; false if that cannot be told. */
    boolean isOpen();

    /** Ends it at once, whatever is still to be written. */
    void end();
}
