package dev.channels.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.internal.publish.LaneState.Admission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneStateTest {

    private final LaneState state = new LaneState(new PublishBounds(3, 100));

    private Admission add(int size) {
        return state.add(0, new byte[size], Map.of(), Set.of("foo"), null);
    }

    private static List<Integer> sizes(List<PendingPublish> batch) {
        return batch.stream().map(publish -> publish.payload().length).toList();
    }

    @Test
    void onlyTheFirstPublishStartsTheLane() {
        assertThat(add(1)).isEqualTo(Admission.STARTS);
        assertThat(add(2)).isEqualTo(Admission.WAITS);
        List<PendingPublish> batch = state.nextCall();
        assertThat(sizes(batch)).containsExactly(1, 2);
        assertThat(add(3)).isEqualTo(Admission.WAITS);
        assertThat(state.settle(batch)).isTrue();
        assertThat(sizes(state.nextCall())).containsExactly(3);
    }

    @Test
    void laneThatFoundNothingIsStartedAgain() {
        add(1);
        state.settle(state.nextCall());
        assertThat(state.nextCall()).isEmpty();
        assertThat(state.size()).isZero();
        assertThat(add(2)).isEqualTo(Admission.STARTS);
    }

    @Test
    void whatIsUnderWayCountsUntilItIsSettled() {
        add(1);
        add(2);
        List<PendingPublish> batch = state.nextCall();
        add(3);
        assertThat(add(4)).isEqualTo(Admission.REFUSED);
        assertThat(state.size()).isEqualTo(3);
        state.settle(batch);
        assertThat(add(4)).isEqualTo(Admission.WAITS);
    }

    @Test
    void oneOfAnySizeIsTakenByAnEmptyLane() {
        assertThat(add(101)).isEqualTo(Admission.STARTS);
        assertThat(add(1)).isEqualTo(Admission.REFUSED);
    }

    @Test
    void pauseKeepsTheBatchAndLastsLongerEachTime() {
        add(1);
        List<PendingPublish> batch = state.nextCall();
        Duration first = state.pause(batch);
        assertThat(add(2)).isEqualTo(Admission.WAITS);
        assertThat(state.resume()).isTrue();
        assertThat(state.resume()).isFalse();
        assertThat(state.nextCall()).isSameAs(batch);
        for (int i = 0; i < 10; i++) {
            state.pause(batch);
        }
        assertThat(state.pause(batch)).isGreaterThan(first);
    }

    @Test
    void publishEndsAPauseThatNobodyElseEnds() {
        add(1);
        state.pause(state.nextCall());
        state.nobodyResumes();
        assertThat(add(2)).isEqualTo(Admission.STARTS);
        assertThat(sizes(state.nextCall())).containsExactly(1);
    }

    @Test
    void batchThatWasClearedIsNeitherSettledNorKept() {
        add(1);
        List<PendingPublish> batch = state.nextCall();
        add(2);
        state.close();
        assertThat(state.isOpen()).isFalse();
        assertThat(sizes(state.clear())).containsExactly(1, 2);
        assertThat(state.size()).isZero();
        assertThat(state.settle(batch)).isFalse();
        assertThat(state.pause(batch)).isNull();
        assertThat(state.nextCall()).isEmpty();
    }
}
