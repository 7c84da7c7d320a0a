package dev.channels.config;

/** Reads the configuration of the Server-Sent Events. */
final class SseReader {

    private final Values values;

    SseReader(Values values) {
        this.values = values;
    }

    SseConfig read() {
        return new SseConfig(
                values.get(Keys.SSE_ENDPOINT), path(), values.get(Keys.SSE_PING_INTERVAL));
    }

    /** A servlet's path is a pattern, in which an asterisk at the end stands for anything. */
    private String path() {
        String path = new DoorPath(values).read(Keys.SSE_PATH);
        if (path.endsWith("/*")) {
            values.problem(
                    Keys.SSE_PATH,
                    "an asterisk at the end would stand for every path below",
                    "Write one path, for example " + Keys.SSE_PATH.writtenDefault() + ".");
        }
        return path;
    }
}
