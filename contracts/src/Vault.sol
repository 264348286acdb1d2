// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { IStake } from "./interfaces/IStake.sol";
import { IVault } from "./interfaces/IVault.sol";
import { IVerifierPool } from "./interfaces/IVerifierPool.sol";
import { Accounts, Kind, Reasons } from "./libraries/Accounts.sol";
import { Genesis, Wiring } from "./libraries/Wiring.sol";

/// @notice See IVault.
/// @dev Always holds: the sum of all accounts, BURN included, equals the tokens that this contract has.
///      Tokens sent here without `deposit` belong to nobody and move nothing.
contract Vault is IVault, ERC2771Context {
    using SafeERC20 for IERC20;

    IERC20 internal immutable CREDIT;
    IStake internal immutable STAKE;
    IVerifierPool internal immutable VERIFIER_POOL;
    address internal immutable DISPUTES;

    mapping(bytes32 account => uint256) internal _balances;
    mapping(address module => uint256 kinds) internal _debitable;

    constructor(Wiring memory wiring, Genesis memory genesis) ERC2771Context(wiring.forwarder) {
        CREDIT = IERC20(wiring.credit);
        STAKE = IStake(wiring.stake);
        VERIFIER_POOL = IVerifierPool(wiring.verifierPool);
        DISPUTES = wiring.disputes;
        _debitable[wiring.stake] = _kinds(Kind.CREDIT) | _kinds(Kind.STAKE) | _kinds(Kind.UNBONDING);
        _debitable[wiring.taskMarket] = _kinds(Kind.CREDIT) | _kinds(Kind.TASK) | _kinds(Kind.BID) | _kinds(Kind.STAKE)
            | _kinds(Kind.AT_RISK) | _kinds(Kind.WORKFLOW);
        _debitable[wiring.dataLeases] =
            _kinds(Kind.CREDIT) | _kinds(Kind.STAKE) | _kinds(Kind.LEASE) | _kinds(Kind.AT_RISK);
        _debitable[wiring.verifierPool] = _kinds(Kind.STAKE);
        _debitable[wiring.disputes] =
            _kinds(Kind.CREDIT) | _kinds(Kind.STAKE) | _kinds(Kind.AT_RISK) | _kinds(Kind.DISPUTE);
        _debitable[wiring.bounties] =
            _kinds(Kind.CREDIT) | _kinds(Kind.STAKE) | _kinds(Kind.BOUNTY) | _kinds(Kind.AT_RISK);
        _debitable[wiring.channels] = _kinds(Kind.CREDIT) | _kinds(Kind.CHANNEL);
        _debitable[wiring.guilds] = _kinds(Kind.CREDIT) | _kinds(Kind.GUILD);
        _debitable[wiring.workflows] = _kinds(Kind.CREDIT) | _kinds(Kind.WORKFLOW);
        _debitable[wiring.checkpoints] =
            _kinds(Kind.CREDIT) | _kinds(Kind.STAKE) | _kinds(Kind.CHECKPOINT) | _kinds(Kind.AT_RISK);
        _debitable[wiring.rewards] = _kinds(Kind.CREDIT) | _kinds(Kind.STAKE) | _kinds(Kind.REWARD)
            | _kinds(Kind.AT_RISK) | _kinds(Kind.TREASURY);
        _debitable[wiring.treasury] = _kinds(Kind.TREASURY);
        _debitable[wiring.governor] = _kinds(Kind.CREDIT) | _kinds(Kind.PROPOSAL);

        // The token's constructor has minted the treasury's part to this address.
        if (genesis.treasurySupply != 0) {
            _balances[Accounts.TREASURY] = genesis.treasurySupply;
            emit Moved(
                Accounts.external_(wiring.credit),
                Accounts.TREASURY,
                bytes32(0),
                genesis.treasurySupply,
                Reasons.DEPOSIT
            );
        }
    }

    /// @inheritdoc IVault
    function deposit(uint256 amount) external {
        _deposit(_msgSender(), amount);
    }

    /// @inheritdoc IVault
    function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        address holder = _msgSender();
        // A permit that somebody else has already brought on chain is as good: the allowance decides.
        try IERC20Permit(address(CREDIT)).permit(holder, address(this), amount, deadline, v, r, s) { } catch { }
        _deposit(holder, amount);
    }

    /// @inheritdoc IVault
    function withdraw(uint256 amount, address recipient) external {
        require(recipient != address(0), ZeroRecipient());
        address holder = _msgSender();
        _debit(Accounts.credit(holder), amount);
        emit Moved(
            Accounts.credit(holder),
            Accounts.external_(recipient),
            bytes32(uint256(uint160(holder))),
            amount,
            Reasons.WITHDRAW
        );
        CREDIT.safeTransfer(recipient, amount);
    }

    /// @inheritdoc IVault
    function move(bytes32 from, bytes32 to, bytes32 ref, uint256 amount, uint8 reason) external {
        Kind source = Accounts.kindOf(from);
        Kind target = Accounts.kindOf(to);
        require(_debitable[msg.sender] & _kinds(source) != 0, NotAuthorized(msg.sender, from));
        require(target != Kind.EXTERNAL, NotAuthorized(msg.sender, to));
        if (source == Kind.STAKE) _requireNoEvasion(Accounts.idOf(from));
        _debit(from, amount);
        _balances[to] += amount;
        emit Moved(from, to, ref, amount, reason);
        if (source == Kind.STAKE) STAKE.stakeMoved(Accounts.idOf(from), amount, false);
        if (target == Kind.STAKE) STAKE.stakeMoved(Accounts.idOf(to), amount, true);
    }

    /// @inheritdoc IVault
    function balanceOf(bytes32 account) external view returns (uint256) {
        return _balances[account];
    }

    /// @inheritdoc IVault
    function debitableKinds(address module) external view returns (uint256) {
        return _debitable[module];
    }

    /// @dev Once the seed is known a verifier could choose to be too poor for its seat, by a bid or any other lock. Only what
    ///      the court takes, and slashes, may leave a member's stake then (Stake asks for itself before an unbonding).
    function _requireNoEvasion(uint256 agentId) private view {
        if (msg.sender == DISPUTES || msg.sender == address(STAKE)) return;
        if (VERIFIER_POOL.isMember(agentId)) VERIFIER_POOL.requireThawed();
    }

    function _deposit(address holder, uint256 amount) private {
        require(amount != 0, NothingToMove());
        bytes32 account = Accounts.credit(holder);
        _balances[account] += amount;
        emit Moved(Accounts.external_(holder), account, bytes32(uint256(uint160(holder))), amount, Reasons.DEPOSIT);
        CREDIT.safeTransferFrom(holder, address(this), amount);
    }

    function _debit(bytes32 account, uint256 amount) private {
        require(amount != 0, NothingToMove());
        uint256 held = _balances[account];
        require(held >= amount, InsufficientBalance(account, amount, held));
        unchecked {
            _balances[account] = held - amount;
        }
    }

    function _kinds(Kind kind) private pure returns (uint256) {
        return 1 << uint8(kind);
    }
}
