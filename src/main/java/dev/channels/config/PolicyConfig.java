package dev.channels.config;

import java.util.List;

/**
 * What callers may do with some channels: the keys {@code channels.policy.<id>.*} but for {@code
 * history} and {@code retention}, which are read by the backend.
 *
 * @param id what tells policies apart in the configuration, and nothing else
 * @param channels {@code channels}: names, and prefixes that end in {@code *}
 * @param subscribe {@code subscribe}: {@code permit-all}, {@code deny-all}, or roles; by default
 *     {@code permit-all}
 * @param publish {@code publish}: likewise, for clients; by default {@code deny-all}
 * @param presence {@code presence}: likewise; by default {@code deny-all}
 * @param joinLeave {@code join-leave}: whether subscribers are told who comes and goes; by default
 *     not
 * @param recover {@code recover}: whether clients get positions and may resume; by default they do
 * @param telemetryChannelNames {@code telemetry-channel-names}: whether telemetry tells the
 *     channels apart; by default not
 */
public record PolicyConfig(
        String id,
        List<String> channels,
        List<String> subscribe,
        List<String> publish,
        List<String> presence,
        boolean joinLeave,
        boolean recover,
        boolean telemetryChannelNames) {

    /**
     * Returns what the keys of this policy begin with.
     *
     * @return the prefix, with its dot
     */
    public String prefix() {
        return PolicyReader.PREFIX + id + ".";
    }
}
