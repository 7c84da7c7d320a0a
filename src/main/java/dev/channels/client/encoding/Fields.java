package dev.channels.client.encoding;

import java.util.HashMap;
import java.util.Map;

/** The fields of a message that are read: each has a number in Protobuf, and a name in JSON. */
final class Fields {

    private final Map<String, Integer> numbers = new HashMap<>();

    private Fields() {}

    /**
     * Makes a table.
     *
     * @param fields a number, a space and a name each
     */
    static Fields of(String... fields) {
        Fields table = new Fields();
        for (String field : fields) {
            int space = field.indexOf(' ');
            Integer number = Integer.valueOf(field.substring(0, space));
            table.numbers.put(field.substring(space + 1), number);
        }
        return table;
    }

    /** Returns the number of a name, or 0 if it is unknown. */
    int number(String name) {
        return numbers.getOrDefault(name, 0);
    }

    boolean has(int number) {
        return numbers.containsValue(number);
    }
}
