// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice What a subject tells the court when it is challenged.
/// @param respondentId The agent that answers; its pledge pays the respondent's bond.
/// @param principal The client, data owner, sponsor or poster: excluded from the panel; the challenger when challengerId is 0.
/// @param pledge The Vault account that holds the respondent's pledge; at least `bond` is in it.
/// @param bond B, the same for both sides (see economics, section 4).
/// @param deterministic Whether incoherent seats pay incoherentSlash as for re-execution (else as judged).
struct Challenge {
    uint256 respondentId;
    address principal;
    bytes32 pledge;
    uint256 bond;
    bool deterministic;
}

/// @title What can be disputed: tasks (kinds 1 to 4), data leases (5), checkpoints (6), era roots (7), bounty claims (8).
/// @notice Only Disputes calls these. Money of the bonds moves in Disputes, money of the subject in the subject.
interface IDisputable {
    /// @notice Checks that the kind may be brought now by this challenger, and marks the subject disputed.
    /// @param challengerId 0 = the subject's principal, who must then be `challenger`.
    function challenge(uint256 subjectId, uint8 kind, uint256 disputeId, uint256 challengerId, address challenger)
        external
        returns (Challenge memory);

    /// @notice The court's word: ruling 1 rejected (back to review), 2 upheld, 3 split. The subject settles its own money.
    ///         Cause 2, withdrawn: nobody has judged (a challenger that forfeited its case counts so too), the kind stays open.
    /// @param restored What came back to the pledge (B after ruling 1 or a withdrawal).
    function rule(uint256 subjectId, uint8 kind, uint256 disputeId, uint8 ruling, uint8 cause, uint256 restored)
        external;
}
